package entropylens.cuda.driver;

import java.lang.invoke.MethodHandle;

/// A native function that returns a status.
///
/// @param handle with int and long arguments; what is called often calls it exactly
record NativeFunction(String name, MethodHandle handle) {
    /// Calls it in a way that costs a microsecond.
    ///
    /// @param arguments an Integer or a Long each, as the function was bound
    int call(Object... arguments) {
        try {
            return (int) handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /// A native function throws nothing; what comes out is a mistake in how it is called.
    IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("the call of " + name + " is wrong", e);
    }
}
