package entropylens.result;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/// JSON has no NaN and no infinity: null stands for what is not a finite number, wherever it is.
final class FiniteNumbers {
    private FiniteNumbers() {}

    static SimpleModule module() {
        return new SimpleModule("finite numbers")
                .addSerializer(Float.class, serializer(FiniteNumbers::write))
                .addSerializer(Float.TYPE, serializer(FiniteNumbers::write))
                .addSerializer(Double.class, serializer(FiniteNumbers::write))
                .addSerializer(Double.TYPE, serializer(FiniteNumbers::write))
                .addSerializer(
                        float[].class,
                        serializer((values, json) -> {
                            json.writeStartArray();
                            for (float value : values) {
                                write(value, json);
                            }
                            json.writeEndArray();
                        }))
                .addSerializer(
                        double[].class,
                        serializer((values, json) -> {
                            json.writeStartArray();
                            for (double value : values) {
                                write(value, json);
                            }
                            json.writeEndArray();
                        }));
    }

    private static void write(float value, JsonGenerator json) {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private static void write(double value, JsonGenerator json) {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private interface Writing<T> {
        void write(T value, JsonGenerator json);
    }

    private static <T> ValueSerializer<T> serializer(Writing<T> writing) {
        return new ValueSerializer<>() {
            @Override
            public void serialize(T value, JsonGenerator json, SerializationContext context) {
                writing.write(value, json);
            }
        };
    }
}
