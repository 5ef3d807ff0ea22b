package entropylens.checkpoint;

import static entropylens.checkpoint.TorchWriter.op;
import static entropylens.checkpoint.TorchWriter.pickle;
import static entropylens.checkpoint.TorchWriter.tensor;
import static entropylens.checkpoint.TorchWriter.text;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Pickles that torch would not write for tensors: each is refused, and nothing that it asks for is
/// done.
class UnpicklerTest {

    @TempDir Path directory;

    private void refuses(byte[] file, String... saying) {
        Path written = SafetensorsWriter.write(directory.resolve("pytorch_model.bin"), file);
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> TorchFile.open(written, arena))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining(written.toString())
                    .hasMessageContainingAll(saying);
        }
    }

    private static byte[] file(byte[] pickle) {
        return new TorchWriter(pickle).with("data/0", new byte[8]).bytes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "os\nsystem",
                "posix\nsystem",
                "builtins\neval",
                "torch.storage\n_load_from_bytes",
                "torch\nComplexFloatStorage",
                "torch._utils\n_rebuild_qtensor",
                "collections\nOrderedDict.__init__",
                "\n",
                "torch\nFloatStorage\u00e9"
            })
    void aNameThatTensorsDoNotNeedIsRefusedAndNothingIsRun(String name) {
        byte[] command = TorchWriter.join(op("c" + name + "\n("), text("touch x"), op("tR"));
        refuses(
                file(pickle(command)),
                "refers to '%s'".formatted(name.replace('\n', '.').replace('\u00e9', '?')),
                "nothing in it was run");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "i", "o", "\u0081", "\u0082", "\u0092", "\u0093", "\u0095", "P", "I", "S", "V", "l",
                "d", "p", "g", "0", "1", "2", "L", "F", "T", "U", "B", "C", "\u008b", "\u008c", "\0"
            })
    void anInstructionThatTensorsDoNotNeedIsRefused(String instruction) {
        refuses(
                file(pickle(op(instruction + "x\ny\n"))),
                "uses the pickle instruction 0x%02X at byte 2"
                        .formatted((int) instruction.charAt(0)),
                "nothing in it was run");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    N         | holds no dict of tensors
                    R         | takes a value that is not there
                    )R        | takes a value that is not there
                    ))R       | calls what is no function
                    }}b}      | goes on after its end
                    (         | takes a value that is not there
                    t         | ends a group that it did not begin
                    }(s       | takes a value that is not there
                    })s       | takes a value that is not there
                    }))s      | has a dict with a tuple as a key
                    }())))u   | has a dict with a tuple as a key
                    }()u      | sets an item of what is no dict
                    ])))s     | sets an item of what is no dict
                    })a       | appends to what is no list
                    })b       | sets the state of a dict
                    ]}b       | sets the state of a list
                    )Q        | names a storage in an unknown way
                    ha        | refers to a value number 97 that is not there
                    jaaaa     | refers to a value number 1633771873 that is not there
                    Xaaaa     | has a string of 1633771873 bytes, but only
                    G1234     | ends in the middle of an instruction
                    Ka        | goes on after its end
                    ccollections:OrderedDict:]R   | calls what is no function
                    ccollections:OrderedDict:))R  | calls what is no function
                    ccollections:OrderedDict:)\\205R  | holds an OrderedDict with arguments
                    ctorch:FloatStorage:)R        | calls torch.FloatStorage, which is no function
                    ctorch._utils:_rebuild_tensor_v2:)R  | describes a tensor in an unknown way
                    ctorch._utils:_rebuild_tensor_v3:)R  | holds a tensor without a type
                    ctorch._utils:_rebuild_parameter:)R  | holds a parameter that is no tensor
                    """)
    void aDamagedPickleIsRefusedByItsReason(String instructions, String reason) {
        byte[] body = op(instructions.translateEscapes().replace(':', '\n'));
        byte[] pickle = instructions.equals("Ka") ? pickle(body, op("}")) : pickle(body);
        refuses(file(pickle), reason);
    }

    @Test
    void aPickleIsBoundedInEveryWay() {
        refuses(file(op("\u0080\u0004}.")), "protocol 4");
        refuses(file(pickle(op("\u008a\u0009123456789"))), "an integer of 9 bytes");
        refuses(file(pickle(op("c" + "x".repeat(5000)))), "a name of more than 200 characters");
        refuses(file(pickle(op("X\u0002\0\0\0\u00c0\u0080"))), "a string that is not UTF-8");
        refuses(file(pickle(op("]".repeat(2_100_000)))), "more than 2,000,000 instructions");
        refuses(file(pickle(op("(".repeat(1_000_000)))), "takes a value that is not there");
        refuses(file(pickle(op(")" + "\u0085".repeat(1_000_000)))), "holds no dict of tensors");
        refuses(file(new byte[33_000_000]), "'archive/data.pkl' has 33,000,000 bytes");
        refuses(file(tensor("0", 2, 0, new long[65], new long[65])), "more than 64 dimensions");
        byte[] loop = op("]q\0h\0a");
        refuses(file(pickle(op("}"), text("w"), loop, op("s"))), "'w' is a list");
        refuses(
                file(pickle(op("}"), text("w"), op(")s"), text("w"), op(")s"))),
                "two entries named 'w'");
    }
}
