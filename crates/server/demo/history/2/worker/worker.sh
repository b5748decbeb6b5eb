#!/bin/sh
# Packs what was ordered, product by product.
for product in anchor rope lantern; do
    echo "packing $product ..."
done
