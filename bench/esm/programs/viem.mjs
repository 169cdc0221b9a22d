// Encodes a call of a contract.
import { encodeFunctionData, parseAbi, parseEther } from 'viem';

const abi = parseAbi(['function transfer(address to, uint256 value)']);
const to = '0x000000000000000000000000000000000000dEaD';
console.log(encodeFunctionData({ abi, functionName: 'transfer', args: [to, parseEther('1')] }));
