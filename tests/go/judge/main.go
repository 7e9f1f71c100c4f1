// Judge gives Go's verdict on a file of cases (verifier/README.md), one line each: golang.org/x/mod/sumdb/note opens the
// notes and checks the logs' signatures, sumdb/tlog checks proofs and tiles, crypto/ed25519 the signatures.
//
// Nothing here knows Redshank's code. Written here, because that old release does not know them: cosignatures
// (c2sp.org/tlog-cosignature), checkpoints, entry bundles, and where Redshank is stricter: canonical base64, no key of low
// order, no file too many. What Go can not judge it says: it has no ML-DSA, so a line of type 0x06 must only be there, by
// the right name and key; and it reads no message. "none" is its verdict on the kinds mldsa and entry.
//
//	judge CASES.jsonl
package main

import (
	"bufio"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"
)

type testCase struct {
	ID, Kind                                                             string
	Index, Size, Old, Leaf, Root, OldRoot, Key, Signature, Message, Note string
	Proof                                                                []string
	Log, Witness                                                         []string
	Base                                                                 string
	Files                                                                map[string]string
	Changes                                                              map[string]*string
	Keys                                                                 []publicKeys
}

func (c *testCase) UnmarshalJSON(data []byte) error {
	type plain testCase
	var named struct {
		*plain
		OldRoot string `json:"old_root"`
	}
	named.plain = (*plain)(c)
	if err := json.Unmarshal(data, &named); err != nil {
		return err
	}
	c.OldRoot = named.OldRoot
	return nil
}

func fromBase64(text string) []byte {
	data, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil {
		panic(err) // a case is ours; only what is in it is hostile
	}
	return data
}

// hashOf is a hash, or an error for anything that has not 32 bytes.
func hashOf(text string) (tlog.Hash, error) {
	var hash tlog.Hash
	data := fromBase64(text)
	if len(data) != tlog.HashSize {
		return hash, fmt.Errorf("%d bytes are no hash", len(data))
	}
	copy(hash[:], data)
	return hash, nil
}

func hashesOf(texts ...string) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(texts))
	for i, text := range texts {
		hash, err := hashOf(text)
		if err != nil {
			return nil, err
		}
		hashes[i] = hash
	}
	return hashes, nil
}

func numbers(texts ...string) ([]int64, error) {
	found := make([]int64, len(texts))
	for i, text := range texts {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, err
		}
		found[i] = n
	}
	return found, nil
}

func inclusion(c *testCase) error {
	n, err := numbers(c.Index, c.Size)
	if err != nil {
		return err
	}
	proof, err := hashesOf(c.Proof...)
	if err != nil {
		return err
	}
	ends, err := hashesOf(c.Leaf, c.Root)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, n[1], ends[1], n[0], ends[0])
}

func consistency(c *testCase) error {
	n, err := numbers(c.Old, c.Size)
	if err != nil {
		return err
	}
	proof, err := hashesOf(c.Proof...)
	if err != nil {
		return err
	}
	roots, err := hashesOf(c.OldRoot, c.Root)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, n[1], roots[1], n[0], roots[0])
}

func signature(c *testCase) error {
	key := fromBase64(c.Key)
	if err := checkKey(key); err != nil {
		return err
	}
	if sig := fromBase64(c.Signature); len(sig) != ed25519.SignatureSize || !ed25519.Verify(key, fromBase64(c.Message), sig) {
		return fmt.Errorf("invalid signature")
	}
	return nil
}

func noteCase(c *testCase) error {
	log, err := newSigner(c.Log, 1)
	if err != nil {
		return err
	}
	witness, err := newSigner(c.Witness, 4)
	if err != nil {
		return err
	}
	head, err := openHead(fromBase64(c.Note), log, witness)
	if err == nil && !head.cosigned {
		return fmt.Errorf("not witnessed")
	}
	return err
}

func verdict(c *testCase, bases map[string]map[string][]byte) (string, error) {
	var err error
	switch c.Kind {
	case "inclusion":
		err = inclusion(c)
	case "consistency":
		err = consistency(c)
	case "ed25519":
		err = signature(c)
	case "note":
		err = noteCase(c)
	case "record":
		files := map[string][]byte{}
		for path, data := range bases[c.Base] {
			files[path] = data
		}
		for path, data := range c.Changes {
			if data == nil {
				delete(files, path)
			} else {
				files[path] = fromBase64(*data)
			}
		}
		err = checkRecord(files, c.Keys)
	default:
		return "none", nil
	}
	if err != nil {
		return "refused", err
	}
	return "accepted", nil
}

func main() {
	file, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	lines := bufio.NewReaderSize(file, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	bases := map[string]map[string][]byte{}
	decoder := json.NewDecoder(lines)
	for decoder.More() {
		var c testCase
		if err := decoder.Decode(&c); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if c.Kind == "base" {
			files := map[string][]byte{}
			for path, data := range c.Files {
				files[path] = fromBase64(data)
			}
			bases[c.ID] = files
			continue
		}
		found, why := verdict(&c, bases)
		line := map[string]string{"id": c.ID, "verdict": found}
		if why != nil {
			line["why"] = why.Error()
		}
		data, _ := json.Marshal(line)
		out.Write(append(data, '\n'))
	}
}
