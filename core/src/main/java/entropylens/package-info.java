/// The root of the instrument.
@org.jspecify.annotations.NullMarked
package entropylens;
