package entropylens.jinja;

/// A variable, attribute or item that is not there: printed as nothing, without elements, false;
/// everything else that is done with it is an error.
record Undefined(String reason) {
    static Undefined variable(String name) {
        return new Undefined("'%s' is undefined".formatted(name));
    }

    static Undefined attribute(Object of, Object name) {
        return new Undefined(
                "%s has no %s %s"
                        .formatted(
                                typeOf(of),
                                name instanceof String ? "attribute" : "element",
                                PythonText.repr(name, Budget.small())));
    }

    private static String typeOf(Object value) {
        return value == None.NONE ? "None" : "'" + Values.type(value) + " object'";
    }

    Fault fault() {
        return new Fault(reason);
    }
}
