-- What a server meets in a day, by weight: mostly APIs that ask about tokens and services that fetch them, some people.
dofile(os.getenv("LOAD_SCRIPTS") .. "/common.lua")

local weights = {
    { 10, "discovery" }, { 15, "jwks" }, { 20, "client-credentials" }, { 25, "introspection-jwt" }, { 10, "introspection-opaque" },
    { 12, "userinfo" }, { 8, "authorize" },
}
local drawn, total = {}, 0

function init()
    for _, weight in ipairs(weights) do
        local it = fixed(weight[2])
        for _ = 1, weight[1] do drawn[#drawn + 1] = it end
    end
end

local turn = 0

function request()
    local code = next_pending()
    if code then return post("/oauth/token", { Authorization = site.web }, site.redemption .. "&code=" .. code) end
    turn = (turn + 37) % #drawn
    return drawn[turn + 1]
end

reads_answers = true

function response(status, headers, body)
    flows = flows + 1
    if status == 303 then
        local code = string.match(headers["location"] or headers["Location"] or "", "[?&]code=([^&]+)")
        if code then later(code) else failed(status, headers["location"]) end
    elseif status ~= 200 then
        failed(status, body)
    end
end
