-- Revocation, each of a token that is new: one flow is client credentials and the revocation of what they gave.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

local issue

function init()
    issue = fixed("client-credentials")
end

function request()
    local token = next_pending()
    if not token then return issue end
    return post("/oauth/revoke", { Authorization = site.service }, "token=" .. token)
end

reads_answers = true

function response(status, headers, body)
    if status ~= 200 then
        failed(status, body)
    elseif body == "" then
        flows = flows + 1
    else
        later(string.match(body, '"access_token":"([^"]+)"'))
    end
end
