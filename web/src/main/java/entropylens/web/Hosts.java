package entropylens.web;

import java.util.Locale;

/// Names of hosts as they stand in a URL or in the header `Host`.
final class Hosts {
    private Hosts() {}

    /// Whether only this machine itself reaches it.
    static boolean isLoopback(String host) {
        String name = bare(host);
        return name.equals("localhost")
                || name.equals("::1")
                || name.matches("127(\\.\\d{1,3}){3}");
    }

    /// Whether it is an address and no name. A name may be made to point anywhere; an address
    /// cannot.
    static boolean isAddress(String host) {
        String name = bare(host);
        return name.matches("\\d{1,3}(\\.\\d{1,3}){3}") || name.matches("[0-9a-f.]*:[0-9a-f:.]+");
    }

    /// Whether both are the same, written in capitals or not.
    static boolean same(String one, String other) {
        return bare(one).equals(bare(other));
    }

    /// The host of `host:port`; the port may be missing.
    static String withoutPort(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            return end < 0 ? authority : authority.substring(0, end + 1);
        }
        int colon = authority.lastIndexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }

    /// As it stands in a URL.
    static String inUrl(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("[") && lower.endsWith("]")
                ? lower.substring(1, lower.length() - 1)
                : lower;
    }
}
