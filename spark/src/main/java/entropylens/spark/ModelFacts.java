package entropylens.spark;

import java.io.Serializable;
import java.util.TreeMap;

/// What an executor says of its model, so that others can be held to it.
///
/// @param name that results call it
/// @param identity hashes and type of the weights
/// @param kernels that compute
/// @param run names the run, once that is known
record ModelFacts(String name, TreeMap<String, String> identity, String kernels, String run)
        implements Serializable {
    ModelFacts ofRun(String named) {
        return new ModelFacts(name, identity, kernels, named);
    }
}
