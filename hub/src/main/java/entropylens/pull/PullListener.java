package entropylens.pull;

/// Told how far a download is.
public interface PullListener {
    /// Tells nobody.
    PullListener NONE = new PullListener() {};

    /// What lies ahead, once it is known.
    ///
    /// @param files that make up the model
    /// @param bytes of all of them
    /// @param missing bytes that are not in the cache yet
    default void planned(int files, long bytes, long missing) {}

    /// A file that has so many bytes now. They may become fewer, where a server makes us begin
    /// again.
    ///
    /// @param fetched whether the bytes came from the network just now, or were there already
    default void progress(String file, long done, long size, boolean fetched) {}

    /// A file is in its place.
    ///
    /// @param fetched whether anything had to be downloaded for it
    default void finished(String file, long size, boolean fetched) {}

    /// Something worth telling: an attempt that failed and is repeated, a wait.
    default void note(String message) {}
}
