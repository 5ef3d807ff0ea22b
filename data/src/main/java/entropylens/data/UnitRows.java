package entropylens.data;

import java.util.ArrayList;
import java.util.List;

/// The rows of one unit of work, gathered while it is done.
public final class UnitRows {
    final List<ModelRow> models = new ArrayList<>();
    final List<TextRow> texts = new ArrayList<>();
    final List<ProfileRows> profiles = new ArrayList<>();
    final List<AnswerRow> answers = new ArrayList<>();
    final List<LossRow> losses = new ArrayList<>();
    final List<MoveRow> moves = new ArrayList<>();
    final List<BlockRow> blocks = new ArrayList<>();
    final List<InputRow> inputs = new ArrayList<>();
    final List<ProblemRow> problems = new ArrayList<>();

    public UnitRows add(InputRow row) {
        inputs.add(row);
        return this;
    }

    public UnitRows add(ProblemRow row) {
        problems.add(row);
        return this;
    }

    public UnitRows add(ModelRow row) {
        models.add(row);
        return this;
    }

    public UnitRows add(TextRow row) {
        texts.add(row);
        return this;
    }

    public UnitRows add(ProfileRows rows) {
        profiles.add(rows);
        return this;
    }

    public UnitRows add(AnswerRow row) {
        answers.add(row);
        return this;
    }

    public UnitRows add(BlockRow row) {
        blocks.add(row);
        return this;
    }

    public UnitRows add(MoveRow row) {
        moves.add(row);
        return this;
    }

    public UnitRows add(LossRow row) {
        losses.add(row);
        return this;
    }
}
