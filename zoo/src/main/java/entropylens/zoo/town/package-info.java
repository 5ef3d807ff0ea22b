/// Tinytown, the small world whose text the shipped models were trained on: its residents and what
/// is true of them ([entropylens.zoo.town.Town]), and the generators of its stories, chats, poems,
/// scientific notes, tasks and multiple-choice questions. Everything is a function of a seed. Start
/// reading at [entropylens.zoo.town.Corpus].
@NullMarked
package entropylens.zoo.town;

import org.jspecify.annotations.NullMarked;
