"""The rules: values in, values out. No Flask, SQL, clock or hidden randomness."""
