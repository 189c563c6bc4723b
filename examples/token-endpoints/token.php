<?php
/**
 * The token endpoint for PHP 8.1 and later, without libraries. On a PHP host, put it anywhere and set the page's
 * token-url to its address (token-url="/token.php"). The settings below are environment variables of the server.
 *
 * On your machine: ASSEMBLYAI_API_KEY=… ALLOWED_ORIGINS=https://www.example.com php -S 127.0.0.1:8080 token.php
 *
 * Answers GET and POST with {token, ws_url?}, or with 403, 405, 429, 500 or 502 and {error}. No response contains the key.
 */
declare(strict_types=1);

const LIFETIME_SECONDS = 60;
const TIMEOUT_SECONDS = 8;

function setting(string $name, string $fallback = ''): string
{
    $value = trim((string) getenv($name));
    return $value === '' ? $fallback : $value;
}

function answer(int $status, array $body): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    header('Cache-Control: no-store');
    header('X-Content-Type-Options: nosniff');
    header('Vary: Origin');
    echo json_encode($body, JSON_UNESCAPED_SLASHES);
    exit();
}

/** For the log only; the page does not learn the details. */
function notSetUp(string $why): never
{
    error_log($why);
    answer(500, ['error' => 'The endpoint is not set up.']);
}

/** An invalid number would be no limit at all, so it is refused. */
function wholeNumber(string $name, int $fallback, int $least, int $most): int
{
    $text = setting($name);
    $value = $text === '' ? $fallback : filter_var($text, FILTER_VALIDATE_INT);
    if ($value === false || $value < $least || $value > $most) {
        notSetUp("$name must be a whole number from $least to $most.");
    }
    return $value;
}

/** Identifies a visitor by address. For IPv6, by the first half: one line can choose the second half freely. */
function networkOf(string $address): string
{
    $packed = @inet_pton($address);
    if ($packed === false || strlen($packed) !== 16) {
        return $address;
    }
    $mapped = str_repeat("\0", 10) . "\xff\xff";
    return str_starts_with($packed, $mapped)
        ? (string) inet_ntop(substr($packed, 12))
        : inet_ntop(substr($packed, 0, 8) . str_repeat("\0", 8)) . '/64';
}

/** A folder that belongs to this program. The owner of any other folder could change the counts. */
function countingFolder(): string
{
    $isOurs = fn(string $path): bool => is_dir($path) && !is_link($path) && fileowner($path) === ourselves();
    $folder = setting('RATE_LIMIT_FOLDER', sys_get_temp_dir() . '/voice-token-' . ourselves());
    if (!$isOurs($folder) && !@mkdir($folder, 0700) && !$isOurs($folder)) {
        notSetUp("$folder is not a folder of this program's own; set RATE_LIMIT_FOLDER.");
    }
    return $folder;
}

function ourselves(): int
{
    if (function_exists('posix_geteuid')) {
        return posix_geteuid();
    }
    $file = tmpfile();
    return $file === false ? -1 : fstat($file)['uid'];
}

/**
 * Counts within a sliding minute, in a locked file, because PHP keeps nothing between requests. The file has at most as
 * many lines as there are tokens per minute for all visitors.
 */
function mayHaveOneMore(string $visitor, int $perMinute, int $perMinuteInAll): bool
{
    $counts = countingFolder() . '/counts';
    $lock = @fopen("$counts.lock", 'c');
    // If counting fails, no token is issued: unlimited tokens cost money.
    if ($lock === false || !flock($lock, LOCK_EX)) {
        return false;
    }
    $since = microtime(true) - 60;
    $taken = array_filter(
        explode("\n", (string) @file_get_contents($counts)),
        fn(string $line): bool => (float) $line > $since,
    );
    $name = hash('sha256', $visitor);
    $own = array_filter($taken, fn(string $line): bool => str_ends_with($line, $name));
    if (count($taken) >= $perMinuteInAll || count($own) >= $perMinute) {
        return false;
    }
    $taken[] = sprintf('%.3F %s', microtime(true), $name);
    $text = implode("\n", $taken);
    // Written to another file first, so a full disk does not destroy the counts of the last minute.
    return @file_put_contents("$counts.new", $text) === strlen($text) && @rename("$counts.new", $counts);
}

/**
 * A page of this server sends no Origin with a GET. The browser sends Sec-Fetch-Site: same-origin instead, which no page
 * can forge. But an attacker's domain can point to this server (DNS rebinding), so Host must be an allowed name, too.
 */
function mayAsk(?string $origin, array $allowed): bool
{
    if ($origin !== null) {
        return in_array($origin, $allowed, true);
    }
    $hosts = array_map(fn(string $each): string => (string) preg_replace('~^https?://~', '', $each), $allowed);
    return ($_SERVER['HTTP_SEC_FETCH_SITE'] ?? '') === 'same-origin' &&
        in_array($_SERVER['HTTP_HOST'] ?? '', $hosts, true);
}

function mintToken(string $url, string $key, int $sessionSeconds): ?string
{
    $query = http_build_query([
        'expires_in_seconds' => LIFETIME_SECONDS,
        'max_session_duration_seconds' => $sessionSeconds,
    ]);
    $context = stream_context_create([
        'http' => [
            'header' => "Authorization: Bearer $key",
            'timeout' => TIMEOUT_SECONDS,
            'follow_location' => 0,
            'ignore_errors' => true,
        ],
    ]);
    $text = @file_get_contents("$url?$query", false, $context);
    $body = $text === false ? null : json_decode($text, true);
    $token = is_array($body) ? ($body['token'] ?? null) : null;
    return is_string($token) && $token !== '' ? $token : null;
}

// PHP's built-in server passes every path to this file. On a host, only the file's own URL reaches it.
$path = parse_url($_SERVER['REQUEST_URI'] ?? '/', PHP_URL_PATH);
if (PHP_SAPI === 'cli-server' && $path !== '/voice-token') {
    answer(404, ['error' => 'Nothing here.']);
}
$key = setting('ASSEMBLYAI_API_KEY');
$origins = array_filter(array_map('trim', explode(',', setting('ALLOWED_ORIGINS'))));
if ($key === '' || !$origins) {
    notSetUp('Set ASSEMBLYAI_API_KEY and ALLOWED_ORIGINS.');
}
$region = setting('ASSEMBLYAI_REGION');
if (!in_array($region, ['', 'us', 'eu'], true)) {
    notSetUp('ASSEMBLYAI_REGION must be us or eu.');
}
$host = 'agents.' . ($region === '' ? '' : "$region.") . 'assemblyai.com';
$url = setting('ASSEMBLYAI_TOKEN_URL', "https://$host/v1/token");
// The key is sent there, so only a connection within this machine may be unencrypted.
if (!preg_match('~^(https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/])~', $url)) {
    notSetUp('ASSEMBLYAI_TOKEN_URL must be an https: URL.');
}
$sessionSeconds = wholeNumber('MAX_SESSION_SECONDS', 900, 60, 10800);
$perMinute = wholeNumber('TOKENS_PER_MINUTE', 6, 1, 10000);
$perMinuteInAll = wholeNumber('TOKENS_PER_MINUTE_IN_ALL', 100, 1, 10000);
$origin = $_SERVER['HTTP_ORIGIN'] ?? null;
if (!mayAsk($origin, $origins)) {
    answer(403, ['error' => 'This page may not request tokens.']);
}
if ($origin !== null) {
    header("Access-Control-Allow-Origin: $origin");
}
if ($_SERVER['REQUEST_METHOD'] !== 'GET' && $_SERVER['REQUEST_METHOD'] !== 'POST') {
    header('Allow: GET, POST');
    answer(405, ['error' => 'GET or POST only.']);
}
if (!mayHaveOneMore(networkOf($_SERVER['REMOTE_ADDR'] ?? 'unknown'), $perMinute, $perMinuteInAll)) {
    header('Retry-After: 60');
    answer(429, ['error' => 'Too many conversations; wait a minute.']);
}
$token = mintToken($url, $key, $sessionSeconds);
if ($token === null) {
    error_log('The token service gave no token.');
    answer(502, ['error' => 'No token could be issued.']);
}
// A token of one region cannot open a conversation in the other.
$wsUrl = setting('ASSEMBLYAI_WS_URL', $region === '' ? '' : "wss://$host/v1/ws");
answer(200, ['token' => $token] + ($wsUrl === '' ? [] : ['ws_url' => $wsUrl]));
