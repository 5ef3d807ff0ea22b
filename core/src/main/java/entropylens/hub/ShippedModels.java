package entropylens.hub;

import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;

/// Models that ship with a module beside the core, which announces itself as a service.
public interface ShippedModels {
    /// The directory of the model of this name, if there is one.
    Optional<Path> named(String name);

    /// Asks all modules that are there.
    static Optional<Path> find(String name) {
        return ServiceLoader.load(ShippedModels.class).stream()
                .map(ServiceLoader.Provider::get)
                .flatMap(shipped -> shipped.named(name).stream())
                .findFirst();
    }
}
