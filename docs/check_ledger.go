// Checks a ledger's folder, or a copy of it, with golang.org/x/mod (the code of Go's checksum database), which shares nothing with this system.
//
//	go run check_ledger.go FOLDER LOG_KEY [WITNESS_KEY...]
//
// The checkpoint is signed by the log and by each witness; every entry is a leaf of its tree, by proofs made from the tiles; every
// smaller tree is its beginning. Debian: golang-go, golang-golang-x-mod-dev; GO111MODULE=off
// GOPATH=/usr/share/gocode. Exit codes: 0 holds, 1 does not hold, 2 could not run.
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// cosignature verifies signatures of type 04 (C2SP tlog-cosignature), which the library does not know.
type cosignature struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosignature) Name() string    { return c.name }
func (c cosignature) KeyHash() uint32 { return c.hash }
func (c cosignature) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func witness(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("%s is no key", vkey)
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, fmt.Errorf("%s is no key of type 04", vkey)
	}
	return cosignature{parts[0], uint32(hash), key[1:]}, nil
}

// tiles reads C2SP tlog-tiles: as the library's, without the height in their paths.
type tiles struct{ folder string }

func (t tiles) Height() int { return height }
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		read = append(read, bytes)
	}
	return read, nil
}
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// entries yields the texts of entries 0 to size-1.
func entries(folder string, size int64) ([][]byte, error) {
	var all [][]byte
	for int64(len(all)) < size {
		bundle := int64(len(all)) / 256
		width := size - bundle*256
		path := strings.Replace(tlog.Tile{H: height, L: -1, N: bundle, W: 256}.Path(), "tile/8/data/", "tile/entries/", 1)
		if width < 256 {
			path += fmt.Sprintf(".p/%d", width)
		}
		bytes, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		for len(bytes) >= 2 {
			length := int(binary.BigEndian.Uint16(bytes))
			if len(bytes) < 2+length {
				return nil, fmt.Errorf("%s is cut", path)
			}
			all = append(all, bytes[2:2+length])
			bytes = bytes[2+length:]
		}
	}
	return all, nil
}

func check(folder string, verifiers note.Verifiers, signers int) (tlog.Tree, error) {
	bytes, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open(bytes, verifiers)
	if err != nil {
		return tlog.Tree{}, err
	}
	if len(signed.Sigs) != signers {
		return tlog.Tree{}, fmt.Errorf("signed by %d of %d", len(signed.Sigs), signers)
	}
	lines := strings.Split(signed.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	tree := tlog.Tree{N: size, Hash: root}
	texts, err := entries(folder, size)
	if err != nil {
		return tree, err
	}
	reader := tlog.TileHashReader(tree, tiles{folder})
	for number, text := range texts {
		proof, err := tlog.ProveRecord(size, int64(number), reader)
		if err != nil {
			return tree, err
		}
		if err := tlog.CheckRecord(proof, size, root, int64(number), tlog.RecordHash(text)); err != nil {
			return tree, fmt.Errorf("entry %d: %w", number, err)
		}
	}
	for old := int64(1); old < size; old++ {
		hash, err := tlog.TreeHash(old, reader)
		if err != nil {
			return tree, err
		}
		proof, err := tlog.ProveTree(size, old, reader)
		if err != nil {
			return tree, err
		}
		if err := tlog.CheckTree(proof, size, root, old, hash); err != nil {
			return tree, fmt.Errorf("from size %d: %w", old, err)
		}
	}
	return tree, nil
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "check_ledger FOLDER LOG_KEY [WITNESS_KEY...]")
		os.Exit(2)
	}
	log, err := note.NewVerifier(os.Args[2])
	keys := []note.Verifier{log}
	for _, vkey := range os.Args[3:] {
		if err == nil {
			var key note.Verifier
			key, err = witness(vkey)
			keys = append(keys, key)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	tree, err := check(os.Args[1], note.VerifierList(keys...), len(keys))
	if err != nil {
		fmt.Println("does not hold:", err)
		os.Exit(1)
	}
	fmt.Printf("holds: %d entries, signed by %d\n", tree.N, len(keys))
}
