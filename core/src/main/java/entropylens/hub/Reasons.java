package entropylens.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import javax.net.ssl.SSLException;

/// Why something failed, in words and without the names of classes.
final class Reasons {
    private Reasons() {}

    static String of(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "there is no such file";
            case AccessDeniedException _ -> "permission denied";
            case NotDirectoryException _ -> "it is not a directory";
            case FileAlreadyExistsException _ -> "it exists already";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            case HttpConnectTimeoutException _ -> "no connection was made in time";
            case HttpTimeoutException _ -> "there was no answer in time";
            case UnknownHostException _ -> "the host's name is not known";
            case ConnectException connect when isUnresolved(connect) ->
                    "the host's name is not known";
            case ConnectException _ -> "the connection was refused";
            case SSLException ssl -> "no secure connection: " + ssl.getMessage();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    private static boolean isUnresolved(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException
                    || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    /// An address as it may be shown: without user, query and fragment, which may be secret.
    static String shown(URI uri) {
        String path = uri.getRawPath();
        return origin(uri) + (path == null ? "" : path);
    }

    /// Scheme, host and, where it is not the usual one, port.
    static String origin(URI uri) {
        return uri.getScheme()
                + "://"
                + uri.getHost()
                + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
