"""Links a CSV file with Splink and writes its clusters; run by tests/bench/compare-splink.ts.

python link-with-splink.py CSV ID NAMES BIRTH_DATE TEXTS OUT: columns parted by commas. Splink's own comparisons for names,
dates and texts, weights by its own EM on the file, clusters at its posterior of 0.95.
"""
import csv
import json
import sys
import time

try:
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
except ImportError:
    print(json.dumps({"installed": False}))
    sys.exit(0)

import splink

path, identifier, names, born, texts, out = sys.argv[1:7]
names = [name for name in names.split(",") if name]
texts = [text for text in texts.split(",") if text]
started = time.time()
api = DuckDBAPI()
columns = ", ".join(
    f"nullif(trim({name}), '') as {name}" for name in [*names, *([born] if born else []), *texts]
)
api.duckdb_con.execute(
    f"create table people as select {identifier} as unique_id, {columns} "
    f"from read_csv('{path}', header = true, all_varchar = true)"
)
people = api.register("people")
compared = [cl.NameComparison(name).configure(term_frequency_adjustments=True) for name in names]
if born:
    compared.append(cl.LevenshteinAtThresholds(born, [1, 2]))
compared += [cl.LevenshteinAtThresholds(text, [1, 2]).configure(term_frequency_adjustments=True) for text in texts]
keys = [*names, *([born] if born else []), *texts]
rules = [block_on(a, b) for at, a in enumerate(keys) for b in keys[at + 1 :]]
linker = Linker(
    people,
    SettingsCreator(link_type="dedupe_only", comparisons=compared, blocking_rules_to_generate_predictions=rules),
    log_level=None,
)
linker.training.estimate_probability_two_random_records_match([block_on(*keys[:3])], recall=0.7)
linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
for rule in [block_on(*keys[:2]), block_on(keys[1], keys[2])]:
    linker.training.estimate_parameters_using_expectation_maximisation(rule)
pairs = linker.inference.predict(threshold_match_probability=0.95)
clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold_match_probability=0.95)
rows = clusters.as_record_list()
seconds = time.time() - started
with open(out, "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["local_id", "person"])
    writer.writerows((row["unique_id"], row["cluster_id"]) for row in rows)
print(json.dumps({"installed": True, "version": splink.__version__, "records": len(rows), "seconds": seconds}))
