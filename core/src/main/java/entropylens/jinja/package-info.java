/// Jinja templates, as far as chat templates use them, rendered as Jinja2 3.1 does in the
/// environment of transformers: sandboxed, immutable, `trim_blocks`, `lstrip_blocks`, loop
/// controls, `generation` blocks.
///
/// [entropylens.jinja.Template] is what the rest of the program knows. A template came with a model
/// and is not trusted: it reaches nothing but the values it is given, and its work, its output and
/// its depth are bounded. Whatever goes wrong is a [entropylens.jinja.TemplateException].
///
/// Source → `Lexer` → `StatementParser` and `ExpressionParser` → `Statement` and `Expression` →
/// `Interpreter` and `Evaluator`. Values are Python's: `None`, Boolean, Long, Double, String, List,
/// `Tuple`, Map, and what this package defines. What Python prints is made in `PythonText`.
@NullMarked
package entropylens.jinja;

import org.jspecify.annotations.NullMarked;
