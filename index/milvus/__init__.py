"""The index over Milvus: one collection that many servers ask, published by generations."""
