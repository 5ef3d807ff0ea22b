/// Multiple-choice questions: where they come from, how they are asked, and how a model answers
/// them by letter, with or without some of its blocks. Start reading at
/// [entropylens.study.questions.QuestionSet].
@NullMarked
package entropylens.study.questions;

import org.jspecify.annotations.NullMarked;
