import { type ConfigKey, keyRows } from "./config-key.ts";

/** Keys about how sources become what is deployed. */
export const BUNDLE_KEYS: readonly ConfigKey[] = keyRows(`
build | inherited | table | honoured | a command before bundling, and folders that skerry dev watches
rules | inherited | tables | honoured | which files are modules, and of what type
find_additional_modules | inherited | switch | honoured | uploads files beside the entry that rules name
no_bundle | inherited | switch | honoured | uploads the entry as it is
base_dir | inherited | text | honoured | where additional modules are looked for
preserve_file_names | inherited | switch | honoured | names of collected files without a hash
minify | inherited | switch | honoured | a smaller bundle
keep_names | inherited | switch | honoured | functions keep their names in the bundle
jsx_factory | inherited | text | honoured | what JSX calls
jsx_fragment | inherited | text | honoured | what <> is in JSX
tsconfig | inherited | text | honoured | another tsconfig.json
define | own | pairs | honoured | expressions in place of names
alias | top | pairs | honoured | modules in place of others
upload_source_maps | inherited | switch | honoured | source maps are uploaded unless it is false
python_modules | inherited | table | ignored | Python workers are refused
dependencies_instrumentation | top | table | ignored | Skerry tells nobody what a project depends on
site | top | table | refused | Workers Sites; use assets
wasm_modules | top | pairs | refused | WebAssembly as global names; import the file
text_blobs | top | pairs | refused | texts as global names; import the file
data_blobs | top | pairs | refused | data as global names; import the file
`);
