package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Grid;
import entropylens.kernels.DeviceException;
import java.lang.foreign.FunctionDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The emulation finds what a GPU may let pass.
class EmulationTest {
    @AfterEach
    void theDeviceIsWellAgain() {
        Emulation.call("emu_reset", FunctionDescriptor.ofVoid());
    }

    @Test
    void aKernelThatReadsBehindAnAllocationFails() {
        try (KernelRig rig = new KernelRig()) {
            DeviceMemory seven = rig.of(new float[7]);
            assertThatThrownBy(
                            () -> {
                                rig.run("rows", "scale", Grid.of(1), 256, 0, seven, 2f, 8L);
                                rig.synchronize();
                            })
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("700");
        }
    }

    @Test
    void whatWasNotWrittenIsNotANumber() {
        try (KernelRig rig = new KernelRig()) {
            assertThat(rig.floats(rig.allocate(4), 1)[0]).isNaN();
        }
    }
}
