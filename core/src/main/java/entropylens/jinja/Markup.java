package entropylens.jinja;

/// Text that the filters `safe` and `escape` mark as HTML. Nothing is escaped in chat templates,
/// with one exception: what is added to it with `+`.
record Markup(String text) {
    /// The five characters that mean something in HTML, as markupsafe spells them.
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace(">", "&gt;")
                .replace("<", "&lt;")
                .replace("'", "&#39;")
                .replace("\"", "&#34;");
    }
}
