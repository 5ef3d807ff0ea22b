package entropylens.jinja;

import entropylens.jinja.Statement.Body;
import entropylens.jinja.Statement.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A macro, or the body of a call block, with the variables around it.
record Macro(String name, Body body, Scope around, Interpreter interpreter) implements Callable {

    @Override
    public Object call(Given given) {
        Scope scope = around.inner();
        List<Object> positional = given.positional();
        Map<String, Object> named = new LinkedHashMap<>(given.named());
        List<Parameter> parameters = body.parameters();
        for (int i = 0; i < parameters.size(); i++) {
            String parameter = parameters.get(i).name();
            if (i < positional.size()) {
                scope.set(parameter, positional.get(i));
            } else if (named.containsKey(parameter)) {
                scope.set(parameter, named.remove(parameter));
            } else {
                scope.set(
                        parameter,
                        new Undefined("parameter '%s' was not provided".formatted(parameter)));
            }
        }
        setDefaults(scope, given);
        special(scope, named, positional);
        return interpreter.text(body.statements(), scope);
    }

    /// In their order: a default may read the parameters before it.
    private void setDefaults(Scope scope, Given given) {
        for (int i = given.positional().size(); i < body.parameters().size(); i++) {
            Parameter parameter = body.parameters().get(i);
            if (parameter.otherwise() != null && !given.named().containsKey(parameter.name())) {
                scope.set(
                        parameter.name(),
                        interpreter.evaluator().value(parameter.otherwise(), scope));
            }
        }
    }

    private void special(Scope scope, Map<String, Object> named, List<Object> positional) {
        if (body.uses().contains("caller")) {
            Object caller = named.remove("caller");
            scope.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        if (body.uses().contains("kwargs")) {
            scope.set("kwargs", named);
        } else if (!named.isEmpty()) {
            throw new Fault(
                    "macro '%s' takes no keyword argument '%s'"
                            .formatted(name, named.keySet().iterator().next()));
        }
        int parameters = body.parameters().size();
        if (body.uses().contains("varargs")) {
            scope.set(
                    "varargs",
                    new Tuple(
                            positional.subList(
                                    Math.min(parameters, positional.size()), positional.size())));
        } else if (positional.size() > parameters) {
            throw new Fault(
                    "macro '%s' takes not more than %d arguments, but is given %d"
                            .formatted(name, parameters, positional.size()));
        }
    }
}
