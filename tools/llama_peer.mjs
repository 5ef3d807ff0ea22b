// llama.cpp as a peer of tools/peers.py: the forward pass alone, through node-llama-cpp, which brings a build of it.
//
//     node tools/llama_peer.mjs MODULES MODEL.gguf THREADS PROMPT_IDS
//
// MODULES is the folder node_modules with node-llama-cpp in it. Job: `forward TOKENS`, greedy.
import {createInterface} from "node:readline";
import {resolve} from "node:path";
import {readFileSync} from "node:fs";

const [modules, file, threads, prompt] = process.argv.slice(2);
const folder = resolve(modules, "node-llama-cpp");
const {getLlama} = await import(resolve(folder, "dist/index.js"));
const {version} = JSON.parse(readFileSync(resolve(folder, "package.json")));
const llama = await getLlama({gpu: false, build: "never", logLevel: "error", maxThreads: Number(threads)});
const model = await llama.loadModel({modelPath: file});
const context = await model.createContext({contextSize: 1024, threads: Number(threads), batchSize: 64});
const sequence = context.getSequence();
const width = /AVX512 = 1/.test(llama.systemInfo) ? "AVX-512" : "no AVX-512";
console.log(JSON.stringify({ready: `llama.cpp of node-llama-cpp ${version}, ${width}`}));
for await (const line of createInterface({input: process.stdin})) {
    const tokens = Number(line.split(" ")[1]);
    await sequence.clearHistory();
    const ids = [];
    const start = process.hrtime.bigint();
    for await (const id of sequence.evaluate(prompt.split(",").map(Number), {temperature: 0, yieldEogToken: true})) {
        ids.push(id);
        if (ids.length === tokens) break;
    }
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    console.log(JSON.stringify({seconds, ids, entropy: []}));
}
process.exit(0);
