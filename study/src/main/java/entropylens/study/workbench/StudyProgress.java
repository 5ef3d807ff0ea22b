package entropylens.study.workbench;

/// Is told how far a run is.
@FunctionalInterface
public interface StudyProgress {
    /// Tells nobody.
    StudyProgress NONE = (_, _, _, _) -> {};

    /// @param study its id
    /// @param model its name
    /// @param done texts or questions measured, those of an earlier run included
    /// @param total of them
    void update(String study, String model, long done, long total);

    /// Statistics begin, which take a while for some.
    ///
    /// @param study its id
    /// @param model whose measurements they are of
    default void concluding(String study, String model) {}
}
