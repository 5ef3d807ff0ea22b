package entropylens.cuda.driver;

/// How many blocks of threads a launch has, in three dimensions.
public record Grid(int x, int y, int z) {
    public Grid {
        if (x < 1 || y < 1 || z < 1 || y > 65_535 || z > 65_535) {
            throw new IllegalArgumentException("no grid of %d x %d x %d blocks".formatted(x, y, z));
        }
    }

    public static Grid of(int x) {
        return new Grid(x, 1, 1);
    }

    public static Grid of(int x, int y) {
        return new Grid(x, y, 1);
    }
}
