/// Measurements, each preceded by an agreement check. Start with `bench/run`. Not `@NullMarked`:
/// JMH fills the fields of its states after construction.
package entropylens.bench;
