package example;

import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** An application whose users sign in (`oauth2Login`), which calls an API for them, and which signs them out everywhere. */
@SpringBootApplication
@RestController
public class Client {
    @Value("${api}")
    String api;

    public static void main(String[] arguments) {
        SpringApplication.run(Client.class, arguments);
    }

    @Bean
    SecurityFilterChain security(HttpSecurity http, ClientRegistrationRepository clients) throws Exception {
        var signedOut = new OidcClientInitiatedLogoutSuccessHandler(clients);
        signedOut.setPostLogoutRedirectUri("{baseUrl}");
        return http.authorizeHttpRequests(requests -> requests.anyRequest().authenticated())
            .oauth2Login(Customizer.withDefaults())
            .logout(logout -> logout.logoutSuccessHandler(signedOut))
            .build();
    }

    @GetMapping("/")
    Map<String, String> user(@AuthenticationPrincipal OidcUser user) {
        return Map.of("name", user.getFullName(), "email", user.getEmail());
    }

    @GetMapping("/api")
    String api(@RegisteredOAuth2AuthorizedClient("login") OAuth2AuthorizedClient client) {
        var token = client.getAccessToken().getTokenValue();
        return RestClient.create(api).get().headers(headers -> headers.setBearerAuth(token)).retrieve().body(String.class);
    }
}
