/// Entropy profiles on a Spark cluster: a thin caller of [entropylens.batch.BatchWork].
///
/// - [entropylens.spark.SparkBatch] is the program for `spark-submit`: `entropy-lens batch` as a
///   job.
/// - [entropylens.spark.EntropyLensSpark] is a function on a `Dataset`, for Java, Scala and
///   PySpark.
///
/// An executor maps a model from its own disk, once, and all its tasks share it. What cannot be
/// used is a [entropylens.spark.SparkBatchException], whose message is one line for the user.
@NullMarked
package entropylens.spark;

import org.jspecify.annotations.NullMarked;
