package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"

	"github.com/emersion/go-msgauth/dkim"
)

// signed are the headers a signature covers. Those that must not be added on
// the way are named twice: once as they are, once as absent.
var signed = []string{"From", "To", "Subject", "Date", "Message-ID", "Reply-To", "References", "In-Reply-To", "MIME-Version", "Content-Type",
	"Content-Language", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "From", "To", "Subject", "Reply-To"}

// sign puts a DKIM signature before a mail, if there is a key.
func (p *Post) sign(raw []byte) ([]byte, error) {
	if p.s.DKIM == nil {
		return raw, nil
	}
	var b bytes.Buffer
	err := dkim.Sign(&b, bytes.NewReader(raw), &dkim.SignOptions{Domain: p.s.DKIM.Domain, Selector: p.s.DKIM.Selector, Signer: p.s.DKIM.Key,
		Hash: crypto.SHA256, HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: signed})
	if err != nil {
		return nil, fmt.Errorf("sign a mail: %w", err)
	}
	return b.Bytes(), nil
}

// Least length of an RSA key in bits: shorter ones are not believed any more.
const rsaBits = 2048

// ParseKey reads a private key in PEM: RSA of at least 2048 bits, or Ed25519.
func ParseKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM block in it")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return checkKey(key)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("no private key in it")
	}
	return checkKey(key)
}

func checkKey(key any) (crypto.Signer, error) {
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < rsaBits {
			return nil, fmt.Errorf("an RSA key of %d bits; at least %d are needed", key.N.BitLen(), rsaBits)
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errors.New("neither an RSA nor an Ed25519 key")
}

// NewKey makes a key and writes it as PEM.
func NewKey(random io.Reader, useEd25519 bool) (crypto.Signer, []byte, error) {
	var key crypto.Signer
	var err error
	if useEd25519 {
		_, key, err = ed25519.GenerateKey(random)
	} else {
		key, err = rsa.GenerateKey(random, rsaBits)
	}
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// Record is the TXT record that lets others check the signatures of a key.
func Record(key crypto.Signer) (string, error) {
	switch pub := key.Public().(type) {
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(pub)
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), err
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(pub), nil
	}
	return "", errors.New("neither an RSA nor an Ed25519 key")
}
