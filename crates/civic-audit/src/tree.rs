//! Merkle trees of RFC 6962, section 2.1: hashes, roots, and the two proofs.

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub(crate) type Hash = [u8; 32];

/// Root of a tree without leaves.
pub(crate) fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// Hash of an entry as a leaf.
pub(crate) fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(entry);
    hasher.finalize().into()
}

/// Hash of a node over two others.
pub(crate) fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([1]);
    hasher.update(left);
    hasher.update(right);
    hasher.finalize().into()
}

/// Leaves of a subtree whose root is kept: 256, as a tile of C2SP logs has them.
pub(crate) const BLOCK: u64 = 256;

/// Height of such a subtree.
const BLOCK_HEIGHT: usize = 8;

/// A tree that grows, of which only the roots of the perfect subtrees are kept: one hash for each bit of its size.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frontier {
    size: u64,
    /// Roots of the perfect subtrees, largest first.
    roots: Vec<Hash>,
}

impl Frontier {
    /// The tree over blocks whose roots are known, and leaves behind them.
    pub(crate) fn of(blocks: &[Hash], leaves: &[Hash]) -> Self {
        let mut frontier = Frontier::default();
        for block in blocks {
            frontier.push(*block);
        }
        frontier.size *= BLOCK;
        for leaf in leaves {
            frontier.push(*leaf);
        }
        frontier
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf; gives the root of the block that it completes.
    pub(crate) fn push(&mut self, leaf: Hash) -> Option<Hash> {
        let mut hash = leaf;
        let mut block = None;
        for height in 0..self.size.trailing_ones() as usize {
            let left = self.roots.pop().unwrap_or(hash);
            hash = node_hash(&left, &hash);
            if height + 1 == BLOCK_HEIGHT {
                block = Some(hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
        block
    }

    /// Root of the tree as it is.
    pub(crate) fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(first) = roots.next() else {
            return empty_root();
        };
        roots.fold(*first, |right, left| node_hash(left, &right))
    }
}

/// Where the hashes of a tree come from, to make proofs.
pub(crate) trait Hashes {
    type Error;

    /// Hash of the subtree over the leaves from `from` to before `to`, a range that the tree splits off as one.
    fn subtree(&mut self, from: u64, to: u64) -> Result<Hash, Self::Error>;
}

/// Hashes that show that a leaf is in a tree: PATH of RFC 6962, 2.1.1. Lowest first.
pub(crate) fn inclusion<H: Hashes>(
    hashes: &mut H,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, H::Error> {
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            path.push(hashes.subtree(middle, to)?);
            to = middle;
        } else {
            path.push(hashes.subtree(from, middle)?);
            from = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// Hashes that show that a tree only grew: PROOF of RFC 6962, 2.1.2. Lowest first.
pub(crate) fn consistency<H: Hashes>(
    hashes: &mut H,
    old: u64,
    size: u64,
) -> Result<Vec<Hash>, H::Error> {
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    if old == 0 || old == size {
        return Ok(path);
    }
    while old != to {
        let middle = from + split(to - from);
        if old <= middle {
            path.push(hashes.subtree(middle, to)?);
            to = middle;
        } else {
            path.push(hashes.subtree(from, middle)?);
            from = middle;
        }
    }
    if from > 0 {
        path.push(hashes.subtree(from, to)?);
    }
    path.reverse();
    Ok(path)
}

/// Whether the path leads from a leaf to the root of a tree of this size.
pub(crate) fn includes(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for step in path {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(step, &hash);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether the path shows that the tree of the old size and root was a beginning of the new one.
pub(crate) fn is_consistent(old: (u64, &Hash), new: (u64, &Hash), path: &[Hash]) -> bool {
    let ((old_size, old_root), (size, root)) = (old, new);
    if old_size > size {
        return false;
    }
    if old_size == size {
        return path.is_empty() && old_root == root;
    }
    if old_size == 0 {
        return path.is_empty() && *old_root == empty_root();
    }
    // RFC 9162, 2.1.4.2.
    let mut steps = path.iter();
    let (mut node, mut last) = (old_size - 1, size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let start = if node == 0 {
        Some(old_root)
    } else {
        steps.next()
    };
    let Some(start) = start else {
        return false;
    };
    let (mut left, mut whole) = (*start, *start);
    for step in steps {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            left = node_hash(step, &left);
            whole = node_hash(step, &whole);
            while node & 1 == 0 && node != 0 {
                node >>= 1;
                last >>= 1;
            }
        } else {
            whole = node_hash(&whole, step);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && left == *old_root && whole == *root
}

/// Largest power of two that is less than a size above 1.
fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// Hash over a range of leaves, by the hash of each piece that `known` gives, or else of its two parts.
pub(crate) fn range_hash<E>(
    from: u64,
    to: u64,
    known: &mut dyn FnMut(u64, u64) -> Result<Option<Hash>, E>,
) -> Result<Hash, E> {
    if let Some(hash) = known(from, to)? {
        return Ok(hash);
    }
    let middle = from + split(to - from);
    let left = range_hash(from, middle, known)?;
    let right = range_hash(middle, to, known)?;
    Ok(node_hash(&left, &right))
}

#[cfg(test)]
mod tests {
    use ct_merkle::mem_backed_tree::MemoryBackedTree;
    use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
    use proptest::prelude::*;

    use super::*;

    struct Leaves(Vec<Hash>);

    impl Hashes for Leaves {
        type Error = std::convert::Infallible;

        fn subtree(&mut self, from: u64, to: u64) -> Result<Hash, Self::Error> {
            range_hash(from, to, &mut |from, to| {
                Ok((to - from == 1).then(|| self.0[from as usize]))
            })
        }
    }

    fn leaves(count: u64) -> Leaves {
        Leaves((0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect())
    }

    fn frontier(leaves: &Leaves) -> Frontier {
        Frontier::of(&[], &leaves.0)
    }

    #[test]
    fn the_roots_are_those_of_the_reference_vectors() {
        // The eight leaves of the tests of Certificate Transparency's reference implementation.
        let entries: [&[u8]; 8] = [
            b"",
            b"\x00",
            b"\x10",
            b"\x20\x21",
            b"\x30\x31",
            b"\x40\x41\x42\x43",
            b"\x50\x51\x52\x53\x54\x55\x56\x57",
            b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
        ];
        let hex = |hash: Hash| {
            let (words, _) = hash.as_chunks::<8>();
            let words = words
                .iter()
                .map(|word| format!("{:016x}", u64::from_be_bytes(*word)));
            words.collect::<Vec<_>>().concat()
        };
        let mut frontier = Frontier::default();
        let roots: Vec<String> = entries
            .iter()
            .map(|entry| {
                frontier.push(leaf_hash(entry));
                hex(frontier.root())
            })
            .collect();
        assert_eq!(
            hex(empty_root()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            roots[0],
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
        );
        assert_eq!(
            roots[7],
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
        );
    }

    #[test]
    fn another_implementation_agrees_with_every_root_and_proof() {
        let mut theirs: MemoryBackedTree<Sha256, Vec<u8>> = MemoryBackedTree::new();
        let mut roots = Vec::new();
        for size in 1..=70u64 {
            theirs.push((size - 1).to_be_bytes().to_vec());
            let mut ours = leaves(size);
            let root = frontier(&ours).root();
            roots.push(root);
            assert_eq!(theirs.root().as_bytes().as_slice(), root);
            let their_root = RootHash::<Sha256>::new(root.into(), size);
            for index in 0..size {
                let path = inclusion(&mut ours, index, size).unwrap();
                let proof: InclusionProof<Sha256> = InclusionProof::from_bytes(path.concat());
                let entry = index.to_be_bytes().to_vec();
                their_root
                    .verify_inclusion(&entry, index, &proof)
                    .unwrap_or_else(|_| panic!("leaf {index} of {size}"));
                assert!(includes(&ours.0[index as usize], index, size, &path, &root));
            }
            for old in 1..size {
                let path = consistency(&mut ours, old, size).unwrap();
                let proof: ConsistencyProof<Sha256> =
                    ConsistencyProof::try_from_bytes(path.concat()).unwrap();
                let old_root = roots[old as usize - 1];
                let their_old = RootHash::<Sha256>::new(old_root.into(), old);
                their_root
                    .verify_consistency(&their_old, &proof)
                    .unwrap_or_else(|_| panic!("{old} to {size}"));
                assert!(is_consistent((old, &old_root), (size, &root), &path));
            }
        }
    }

    proptest! {
        #[test]
        fn a_proof_holds_for_its_own_leaf_only(size in 1u64..600, index in 0u64..600, bit in 0usize..256) {
            let index = index % size;
            let mut ours = leaves(size);
            let root = frontier(&ours).root();
            let path = inclusion(&mut ours, index, size).unwrap();
            let leaf = ours.0[index as usize];
            prop_assert!(includes(&leaf, index, size, &path, &root));
            prop_assert!(!includes(&leaf, (index + 1) % size.max(2), size, &path, &root));
            let mut other = leaf;
            other[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!includes(&other, index, size, &path, &root));
            let mut longer = path.clone();
            longer.push(leaf);
            prop_assert!(!includes(&leaf, index, size, &longer, &root));
        }

        #[test]
        fn another_history_is_not_consistent(size in 2u64..600, old in 1u64..600, changed in 0u64..600) {
            let old = 1 + old % (size - 1);
            let before = frontier(&leaves(old)).root();
            let mut forged = leaves(size);
            forged.0[(changed % old) as usize] = leaf_hash(b"forged");
            let root = frontier(&forged).root();
            let path = consistency(&mut forged, old, size).unwrap();
            prop_assert!(!is_consistent((old, &before), (size, &root), &path));
        }

        #[test]
        fn blocks_and_leaves_make_the_same_tree(size in 0u64..2000) {
            let all = leaves(size);
            let mut grown = Frontier::default();
            let blocks: Vec<Hash> = all.0.iter().filter_map(|leaf| grown.push(*leaf)).collect();
            let rest = &all.0[(blocks.len() as u64 * BLOCK) as usize..];
            let loaded = Frontier::of(&blocks, rest);
            prop_assert_eq!(loaded.root(), grown.root());
            prop_assert_eq!(loaded.size(), size);
        }
    }
}
