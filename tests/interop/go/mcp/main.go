// An MCP client of the Go SDK registers itself and calls a tool of an MCP server of the same SDK (Model Context Protocol,
// Authorization). Takes ISSUER and RESOURCE (the URL of the MCP server) from the environment; prints `open <URL>` for the
// browser, `ok <step>` for each step, and exits with 0 only when all of them passed.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/modelcontextprotocol/go-sdk/auth"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/modelcontextprotocol/go-sdk/oauthex"
)

var issuer, resource = os.Getenv("ISSUER"), os.Getenv("RESOURCE")

// Listens at the resource. The tool says who asks, and with which token.
func serve(ctx context.Context) {
	provider, err := oidc.NewProvider(ctx, issuer)
	check(err)
	tokens := provider.Verifier(&oidc.Config{ClientID: resource})
	verify := func(ctx context.Context, raw string, _ *http.Request) (*auth.TokenInfo, error) {
		token, err := tokens.Verify(ctx, raw)
		if err != nil {
			return nil, fmt.Errorf("%w: %v", auth.ErrInvalidToken, err)
		}
		claims := map[string]any{}
		scope := struct{ Scope string }{}
		if token.Claims(&claims) != nil || token.Claims(&scope) != nil {
			return nil, auth.ErrInvalidToken
		}
		return &auth.TokenInfo{Scopes: strings.Fields(scope.Scope), Expiration: token.Expiry, UserID: token.Subject, Extra: claims}, nil
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "notes", Version: "1.0.0"}, nil)
	type nothing struct{}
	mcp.AddTool(server, &mcp.Tool{Name: "whoami"}, func(_ context.Context, request *mcp.CallToolRequest, _ nothing) (*mcp.CallToolResult, any, error) {
		claims := request.Extra.TokenInfo.Extra
		text := fmt.Sprintf("%v %v", claims["client_id"], claims["jti"])
		return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}, nil, nil
	})

	at, err := url.Parse(resource)
	check(err)
	metadata := "/.well-known/oauth-protected-resource" + at.Path
	http.Handle(metadata, auth.ProtectedResourceMetadataHandler(&oauthex.ProtectedResourceMetadata{
		Resource: resource, AuthorizationServers: []string{issuer},
	}))
	bearer := auth.RequireBearerToken(verify, &auth.RequireBearerTokenOptions{ResourceMetadataURL: at.Scheme + "://" + at.Host + metadata})
	http.Handle(at.Path, bearer(mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, nil)))
	listener, err := net.Listen("tcp", at.Host)
	check(err)
	go func() { check(http.Serve(listener, nil)) }()
}

// What an application with this SDK has to write: it listens for the answer and opens the browser.
func signIn(_ context.Context, request *auth.AuthorizationArgs) (*auth.AuthorizationResult, error) {
	fmt.Println("ok registration")
	fmt.Println("open", request.URL)
	answer := (<-callbacks).Query()
	if failure := answer.Get("error"); failure != "" {
		return nil, fmt.Errorf("%s: %s", failure, answer.Get("error_description"))
	}
	return &auth.AuthorizationResult{Code: answer.Get("code"), State: answer.Get("state"), Iss: answer.Get("iss")}, nil
}

var callbacks = make(chan *url.URL, 1)

func main() {
	ctx := context.Background()
	serve(ctx)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	go http.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) { callbacks <- request.URL }))
	redirectURI := fmt.Sprintf("http://%s/callback", listener.Addr())
	handler, err := auth.NewAuthorizationCodeHandler(&auth.AuthorizationCodeHandlerConfig{
		AuthorizationCodeFetcher: signIn,
		RequestRefreshToken:      true,
		DynamicClientRegistrationConfig: &auth.DynamicClientRegistrationConfig{Metadata: &oauthex.ClientRegistrationMetadata{
			ClientName:              "An MCP client",
			RedirectURIs:            []string{redirectURI},
			GrantTypes:              []string{"authorization_code", "refresh_token"},
			TokenEndpointAuthMethod: "none",
		}},
	})
	check(err)

	client := mcp.NewClient(&mcp.Implementation{Name: "client", Version: "1.0.0"}, nil)
	session, err := client.Connect(ctx, &mcp.StreamableClientTransport{Endpoint: resource, OAuthHandler: handler}, nil)
	check(err)
	fmt.Println("ok tokens")
	whoami := func() (clientID, tokenID string) {
		answer, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "whoami"})
		check(err)
		words := strings.Fields(answer.Content[0].(*mcp.TextContent).Text)
		return words[0], words[1]
	}
	clientID, first := whoami()
	require(strings.HasPrefix(clientID, "<"), false, "no client id")
	fmt.Println("ok tool")
	// Access tokens of this server live so briefly that the SDK has to refresh before the next call.
	again, second := whoami()
	require(again, clientID, "the client of the second call")
	require(first != second, true, "another token for the second call")
	fmt.Println("ok refresh")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func require[T comparable](found, expected T, what string) {
	if found != expected {
		log.Fatalf("%s: %v instead of %v", what, found, expected)
	}
}
