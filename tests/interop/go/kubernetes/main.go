// A Kubernetes API server as far as it decides who may do something: its OpenID Connect authenticator and its authorizer of
// privileged groups. Takes CONFIGURATION (a file with an AuthenticationConfiguration), CA_FILE, GROUP (who may do everything,
// nobody else anything) and LISTEN from the environment. Answers each request of an authorized user with user name and groups.
package main

import (
	"context"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apiserver/pkg/apis/apiserver"
	"k8s.io/apiserver/pkg/apis/apiserver/install"
	"k8s.io/apiserver/pkg/authentication/request/bearertoken"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	authenticator "k8s.io/apiserver/plugin/pkg/authenticator/token/oidc"
)

type authority []byte

func (pem authority) CurrentCABundleContent() []byte { return pem }

// The authenticator of this AuthenticationConfiguration, when it has found the issuer's keys.
func configured(ctx context.Context, pem authority) authenticator.AuthenticatorTokenWithHealthCheck {
	text, err := os.ReadFile(os.Getenv("CONFIGURATION"))
	check(err)
	scheme := runtime.NewScheme()
	install.Install(scheme)
	read, err := runtime.Decode(serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDecoder(), text)
	check(err)
	tokens, err := authenticator.New(ctx, authenticator.Options{
		JWTAuthenticator:     read.(*apiserver.AuthenticationConfiguration).JWT[0],
		CAContentProvider:    pem,
		SupportedSigningAlgs: authenticator.AllValidSigningAlgorithms(),
	})
	check(err)
	for range 100 {
		if err = tokens.HealthCheck(); err == nil {
			return tokens
		}
		time.Sleep(100 * time.Millisecond)
	}
	log.Fatal(err)
	return nil
}

func main() {
	pem, err := os.ReadFile(os.Getenv("CA_FILE"))
	check(err)
	users := bearertoken.New(configured(context.Background(), pem))
	groups := authorizerfactory.NewPrivilegedGroups(os.Getenv("GROUP"))
	answer := func(answer http.ResponseWriter, request *http.Request) {
		read, ok, err := users.AuthenticateRequest(request)
		if err != nil || !ok {
			log.Print(err)
			answer.WriteHeader(http.StatusUnauthorized)
			return
		}
		decision, _, err := groups.Authorize(request.Context(), authorizer.AttributesRecord{User: read.User})
		check(err)
		if decision != authorizer.DecisionAllow {
			answer.WriteHeader(http.StatusForbidden)
		}
		check(json.NewEncoder(answer).Encode(map[string]any{"name": read.User.GetName(), "groups": read.User.GetGroups()}))
	}
	check(http.ListenAndServe(os.Getenv("LISTEN"), http.HandlerFunc(answer)))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
