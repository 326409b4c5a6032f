"""scikit-learn's side of bench/forest.ts: one core, processor seconds, result.json beside the data."""

import json
import os
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import roc_auc_score

settings = json.loads(sys.argv[1])


def read(name):
    path = os.path.join(settings["folder"], name)
    values = np.fromfile(path + ".f64").reshape(settings["features"], -1).T
    return np.ascontiguousarray(values, dtype=np.float32), np.fromfile(path + ".u8", dtype=np.uint8)


features, labels = read("train")
forest = RandomForestClassifier(
    n_estimators=settings["trees"],
    max_depth=settings["maxDepth"],
    min_samples_leaf=settings["minLeaf"],
    max_features=settings["max_features"],
    n_jobs=1,
    random_state=1,
)
started = time.process_time()
forest.fit(features, labels)
fit = time.process_time() - started

features, labels = read("test")
predict = float("inf")
for _ in range(5):
    started = time.process_time()
    scores = forest.predict_proba(features)[:, 1]
    predict = min(predict, time.process_time() - started)

result = {"version": sklearn.__version__, "fit": fit, "predict": predict, "auc": roc_auc_score(labels, scores)}
with open(os.path.join(settings["folder"], "result.json"), "w", encoding="utf-8") as file:
    json.dump(result, file)
