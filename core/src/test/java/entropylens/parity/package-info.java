/// Agreement with Hugging Face transformers on committed goldens.
package entropylens.parity;
