/// The explorer: a server of one page and of the JSON behind it. Start reading at
/// [entropylens.web.Explorer], then [entropylens.web.ApiRoutes] (what can be asked for) and
/// [entropylens.web.Doorkeeper] (by whom).
///
/// One text at a time computes; others wait in a bounded queue. Nothing here prints, opens a
/// model's files by itself, or serves a file of the machine: the page comes from this jar.
@NullMarked
package entropylens.web;

import org.jspecify.annotations.NullMarked;
