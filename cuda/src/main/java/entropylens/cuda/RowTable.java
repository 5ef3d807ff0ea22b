package entropylens.cuda;

import entropylens.hook.BlockAction;
import entropylens.hook.HookPoint;
import entropylens.model.AttentionShape;
import entropylens.model.BatchRows;
import entropylens.model.DecoderConfig;
import entropylens.model.Positions;
import entropylens.model.Rope;
import entropylens.model.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;

/// What the device is told of the rows of one pass: tokens, positions, what each sees, where its
/// session's keys and values are, what interventions say, and where rows are kept. All of it goes
/// there in one copy.
final class RowTable {
    private final BatchRows rows;
    private final DecoderConfig config;
    private final PassUpload upload;
    private final int tokens;
    private final int positions;
    private final int[] keys;
    private final int[] values;
    private final Map<AttentionShape, Sight> sights = new HashMap<>();
    private final Map<Rope, RopeTables.Turn> turns = new IdentityHashMap<>();
    private final int[] attention;
    private final int[] mlp;
    private final int[] either;
    private final Map<HookPoint, List<long[]>> kept = new HashMap<>();
    private final Map<HookPoint, List<Integer>> keeps = new HashMap<>();
    private final boolean touched;
    private final int longest;
    private final QueryTiles wide;
    private final QueryTiles narrow;

    /// Of each row the first position that it sees, and the factor on its scores.
    private record Sight(int firsts, int scales) {}

    RowTable(DecoderConfig config, BatchRows rows, RopeTables ropes, PassUpload upload) {
        this.config = config;
        this.rows = rows;
        this.upload = upload;
        upload.begin();
        tokens = upload.add(each(rows::token));
        positions = upload.add(each(rows::position));
        longest = longest();
        keys = new int[config.nLayers()];
        values = new int[config.nLayers()];
        attention = new int[config.nLayers()];
        mlp = new int[config.nLayers()];
        either = new int[config.nLayers()];
        boolean intervened = intervened();
        for (int layer = 0; layer < config.nLayers(); layer++) {
            addState(layer);
            addSight(config.attention(layer));
            addRope(layer, ropes);
            attention[layer] = intervened ? factors(layer, BlockAction::attention) : -1;
            mlp[layer] = intervened ? factors(layer, BlockAction::mlp) : -1;
            either[layer] = intervened ? factors(layer, RowTable::runs) : -1;
        }
        touched = rows.isTouched();
        keep();
        wide = QueryTiles.of(rows, QueryTiles.WIDE, upload);
        narrow = QueryTiles.of(rows, QueryTiles.NARROW, upload);
        upload.send();
    }

    private int[] each(IntUnaryOperator of) {
        int[] all = new int[rows.count()];
        for (int r = 0; r < all.length; r++) {
            all[r] = of.applyAsInt(r);
        }
        return all;
    }

    private int longest() {
        int most = 0;
        for (int r = 0; r < rows.count(); r++) {
            most = Math.max(most, rows.position(r) + 1);
        }
        return most;
    }

    private boolean intervened() {
        for (int r = 0; r < rows.count(); r++) {
            if (!rows.session(r).intervention().actions().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static double runs(BlockAction action) {
        return action.attention() != 0 || action.mlp() != 0 ? 1 : 0;
    }

    private void addState(int layer) {
        if (config.attention(layer).keysOf().isPresent()) {
            keys[layer] = keys[config.attention(layer).keysOf().getAsInt()];
            values[layer] = values[config.attention(layer).keysOf().getAsInt()];
            return;
        }
        long[] ofKeys = new long[rows.count()];
        long[] ofValues = new long[rows.count()];
        for (int r = 0; r < rows.count(); r++) {
            CudaState state = (CudaState) rows.session(r).state();
            ofKeys[r] = state.keys(layer);
            ofValues[r] = state.values(layer);
        }
        keys[layer] = upload.add(ofKeys);
        values[layer] = upload.add(ofValues);
    }

    private void addSight(AttentionShape shape) {
        sights.computeIfAbsent(
                shape,
                s -> {
                    float[] scales = new float[rows.count()];
                    for (int r = 0; r < scales.length; r++) {
                        scales[r] = s.scoreScaleAt(rows.position(r));
                    }
                    return new Sight(
                            upload.add(each(r -> s.firstVisible(rows.position(r)))),
                            upload.add(scales));
                });
    }

    private void addRope(int layer, RopeTables ropes) {
        if (config.positions() instanceof Positions.Rotary rotary) {
            Rope rope = rotary.ropes().get(layer);
            if (!(rope instanceof Rope.None) && !turns.containsKey(rope)) {
                turns.put(rope, ropes.of(rope, rows, upload));
            }
        }
    }

    /// -1 where all are 1.
    private int factors(int layer, ToDoubleFunction<BlockAction> of) {
        float[] factors = new float[rows.count()];
        boolean any = false;
        for (int r = 0; r < factors.length; r++) {
            factors[r] = (float) of.applyAsDouble(rows.action(r, layer));
            any |= factors[r] != 1;
        }
        return any ? upload.add(factors) : -1;
    }

    private void keep() {
        Session before = null;
        int first = 0;
        for (int r = 0; r <= rows.count(); r++) {
            Session session = r < rows.count() ? rows.session(r) : null;
            if (before != null && session != before) {
                keep(before, first, r);
            }
            if (session != before) {
                first = r;
            }
            before = session;
        }
        kept.forEach((point, all) -> keeps.put(point, all.stream().map(upload::add).toList()));
    }

    private void keep(Session session, int from, int to) {
        for (Session.Kept one : session.kept()) {
            CudaRows into = (CudaRows) one.rows();
            for (int r = from; r < to; r++) {
                int slot = one.slotOf().applyAsInt(rows.position(r));
                if (slot >= 0) {
                    keep(one.point(), r, into.address(slot));
                }
            }
        }
    }

    /// A row may be kept in several places.
    private void keep(HookPoint point, int row, long address) {
        List<long[]> all = kept.computeIfAbsent(point, p -> new ArrayList<>());
        for (long[] one : all) {
            if (one[row] == 0) {
                one[row] = address;
                return;
            }
        }
        long[] another = new long[rows.count()];
        another[row] = address;
        all.add(another);
    }

    int count() {
        return rows.count();
    }

    BatchRows rows() {
        return rows;
    }

    /// Positions of the longest text so far.
    int longestText() {
        return longest;
    }

    /// Whether a row may be patched, or somebody looks.
    boolean touched() {
        return touched;
    }

    long tokens() {
        return upload.address(tokens);
    }

    long positions() {
        return upload.address(positions);
    }

    long keys(int layer) {
        return upload.address(keys[layer]);
    }

    long values(int layer) {
        return upload.address(values[layer]);
    }

    long firsts(AttentionShape shape) {
        return upload.address(sight(shape).firsts);
    }

    long scales(AttentionShape shape) {
        return upload.address(sight(shape).scales);
    }

    private Sight sight(AttentionShape shape) {
        return Objects.requireNonNull(sights.get(shape));
    }

    /// What a rope turns rows by; its lines are those of the positions, or of the rows.
    RopeTables.Turn turn(Rope rope) {
        RopeTables.Turn turn = Objects.requireNonNull(turns.get(rope));
        return turn.byRow()
                ? new RopeTables.Turn(
                        upload.address((int) turn.cos()), upload.address((int) turn.sin()), true)
                : turn;
    }

    /// A factor for each row on what attention adds; 0 where all are 1.
    long attentionFactors(int layer) {
        return orNone(attention[layer]);
    }

    /// The same of the MLP.
    long mlpFactors(int layer) {
        return orNone(mlp[layer]);
    }

    /// Of each row 1, or 0 where it skips the block; 0 where none does.
    long runs(int layer) {
        return orNone(either[layer]);
    }

    long orNone(int part) {
        return upload.addressOrNone(part);
    }

    /// Tables of addresses that rows of a point are kept at.
    List<Integer> keeps(HookPoint point) {
        return keeps.getOrDefault(point, List.of());
    }

    /// Rows of one session, in tiles for the wide kernel.
    QueryTiles wide() {
        return wide;
    }

    /// The same, for the narrow one.
    QueryTiles narrow() {
        return narrow;
    }
}
