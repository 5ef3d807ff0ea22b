package entropylens.study.tellapart;

/// How much a flaw of the published code changes about the prompts: where it is nothing, its
/// figures are the same both ways.
///
/// @param what is counted
/// @param count with the flaw; without it there are none
record PromptEffect(String what, int count) {}
