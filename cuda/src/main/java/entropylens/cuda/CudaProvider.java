package entropylens.cuda;

import entropylens.cuda.driver.CudaException;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.GpuDescription;
import entropylens.kernels.Backend;
import entropylens.kernels.DeviceProvider;
import entropylens.kernels.Precision;
import entropylens.kernels.WorkerPool;
import java.util.List;

/// NVIDIA GPUs, by the name `cuda`. Found by [java.util.ServiceLoader].
public final class CudaProvider implements DeviceProvider {
    @Override
    public String kind() {
        return "cuda";
    }

    @Override
    public Backend open(int index, Precision precision, WorkerPool pool) {
        Gpu gpu = Gpu.open(index);
        try {
            return new CudaBackend(gpu, precision, pool);
        } catch (RuntimeException | Error e) {
            gpu.close();
            throw e;
        }
    }

    @Override
    public List<String> found() {
        try {
            List<GpuDescription> all = GpuDescription.all();
            return all.isEmpty()
                    ? List.of(GpuDescription.NO_GPU)
                    : all.stream().map(GpuDescription::toString).toList();
        } catch (CudaException e) {
            String message = e.getMessage() + "";
            return List.of("cuda: " + message.split(";", 2)[0]);
        }
    }
}
