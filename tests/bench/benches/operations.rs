//! Every operation under Criterion: `cargo bench -p slipway-bench -- layout/10000`.

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use slipway_bench::{OPERATIONS, SIZES};

fn operations(criterion: &mut Criterion) {
    for operation in OPERATIONS {
        let mut group = criterion.benchmark_group(operation.name);
        group.sample_size(20);
        for nodes in SIZES {
            let mut work = (operation.prepare)(nodes);
            group.bench_function(BenchmarkId::from_parameter(nodes), |bencher| {
                bencher.iter(&mut work);
            });
        }
    }
}

criterion_group!(benches, operations);
criterion_main!(benches);
