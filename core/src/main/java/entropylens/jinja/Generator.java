package entropylens.jinja;

import java.util.Iterator;

/// What `map`, `select` and their like return: elements that are made when they are asked for,
/// once. It is true even when it is empty, and has no length, as in Python.
record Generator(Iterator<Object> elements) {}
