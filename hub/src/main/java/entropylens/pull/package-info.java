/// Downloads models from the hub into the Hugging Face cache. Start reading at
/// [entropylens.pull.Pull] (a model becomes a snapshot in the cache). Where the cache is, and how
/// it is laid out, `entropylens.hub` in the core knows; so a program that only runs models needs no
/// HTTP client.
///
/// The contract:
///
/// - **What is pulled here is found by Python**: the cache is that of `huggingface_hub`.
/// - **A file in the cache is complete and right.** It is written under another name, its size and
///   its hash are checked against what the hub announced, and only then is it moved to its place. A
///   revision points to a snapshot only once all its files are there.
/// - **Nothing is believed.** Names, sizes, hashes and redirects come from outside. Nothing is
///   written outside the cache's folder, and nothing is read without a bound.
/// - **The token goes to the endpoint only**, never to another host, into a message or into a log.
///   Of a URL that is shown, the query is left out: it may be signed.
/// - **What fails is a [entropylens.hub.HubException]**, whose message says what to do next.
@NullMarked
package entropylens.pull;

import org.jspecify.annotations.NullMarked;
