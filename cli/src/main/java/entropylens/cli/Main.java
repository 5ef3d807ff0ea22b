package entropylens.cli;

/// The launcher's main class.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("entropy-lens");
    }
}
