/// Models of this program as chat models of LangChain4j, in the same process: answers whose
/// metadata has the log probability and the entropy profile of every token. Start reading at
/// [entropylens.langchain4j.EntropyLensChatModel].
@NullMarked
package entropylens.langchain4j;

import org.jspecify.annotations.NullMarked;
