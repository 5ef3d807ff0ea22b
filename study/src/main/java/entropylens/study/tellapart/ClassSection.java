package entropylens.study.tellapart;

import entropylens.study.report.Section;
import entropylens.study.workbench.Subject;

/// How the report shows what tells the classes of a study apart, model after model.
interface ClassSection {
    void add(ClassReadings readings);

    /// A model whose texts are too few to be read.
    void addUnread(Subject.About about, LabelledTexts texts);

    Section build();
}
