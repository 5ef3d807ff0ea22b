package entropylens.study.report;

import java.util.List;

/// What a run finds through one lens, beside what it finds through the logit lens.
///
/// @param lens its label, as in the column `lens`; `logit` for what the logit lens shows beside the
///   nulls
/// @param verdicts the same claims seen through it, and claims on what it changes; corrected among
///   themselves
public record UnderLens(String lens, List<Verdict> verdicts) {
    public UnderLens {
        verdicts = List.copyOf(verdicts);
    }
}
