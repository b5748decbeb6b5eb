#!/bin/sh
# Packs what was ordered.
echo "packing ..."
