package entropylens.study.families;

import entropylens.study.workbench.Protocol;
import entropylens.study.workbench.Study;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.study.workbench.Workbench;
import java.util.List;

/// Claim (ii): profiles are family-specific, and invariant under depth rescaling.
public final class Families implements Study {
    /// As on the command line.
    public static final String ID = "families";

    private final StudySettings settings;

    /// @param settings of the run
    public Families(StudySettings settings) {
        this.settings = settings;
    }

    @Override
    public boolean wantsTwins() {
        return true;
    }

    @Override
    public void measure(Subject subject, Workbench bench) {
        bench.profile(
                ID,
                subject,
                StudyPrompt.ofBeginToken(subject, settings.samples(64, 64, 24), settings),
                protocol(settings));
    }

    static Protocol protocol(StudySettings settings) {
        return new Protocol(
                settings.tokens(32, 32, 32), settings.temperature(0.7), Protocol.STATISTICS);
    }

    @Override
    public Findings conclude(List<Subject.About> subjects, Workbench bench) {
        FamilyProfiles all = FamilyProfiles.read(subjects, bench);
        FamilyProfiles trained = all.only(about -> !about.untrained());
        FamilyProfiles twins = all.only(Subject.About::untrained);
        FamiliesSection section = new FamiliesSection(settings, all, trained, twins);
        return new Findings(new FamilyVerdicts(trained, twins, settings).all(), section.build());
    }
}
