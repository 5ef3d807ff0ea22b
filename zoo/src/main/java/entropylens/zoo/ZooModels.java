package entropylens.zoo;

import entropylens.hub.ShippedModels;
import java.nio.file.Path;
import java.util.Optional;

/// Lets programs open the models of the zoo by name.
public final class ZooModels implements ShippedModels {
    @Override
    public Optional<Path> named(String name) {
        return Zoo.find(name);
    }
}
